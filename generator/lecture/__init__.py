"""Reads lectures into typed blocks, with the course, glossary and bibliography around them; runs nothing."""

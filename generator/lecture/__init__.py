"""From a lecture's text to typed blocks, and the course, glossary and bibliography around it; runs nothing."""

"""Modules shared by several figure kinds: arithmetic, layout, wording, and helpers for Matplotlib and Manim."""

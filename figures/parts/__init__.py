"""What figure kinds share: arithmetic, layout, words, and the pieces that Matplotlib and Manim draw with."""

"""Code that experiments share: training, examining networks, and reading models from files."""

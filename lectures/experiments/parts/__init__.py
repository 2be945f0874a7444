"""What experiments share: training, probing a network, and reading models from files."""

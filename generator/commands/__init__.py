"""The commands, one file each, named as on the command line. Only they print; all other code reports to them."""

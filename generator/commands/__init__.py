"""The commands, one file each, named as on the command line; they print, and everything below them does not."""

"""The commands of the shell. Results go to stdout, progress and complaints to stderr."""

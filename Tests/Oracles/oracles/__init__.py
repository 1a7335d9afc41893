"""What the programs in this directory and in Benchmarks share: running commands, other decoders, byte formats, tables."""

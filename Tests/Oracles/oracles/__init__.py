"""What the programs here and in Benchmarks share: running commands, other decoders, byte formats, tables."""

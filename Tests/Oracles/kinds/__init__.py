"""Files as people have them, of every kind of ../../../shared/cases, with what is true of each: make_variants.py."""

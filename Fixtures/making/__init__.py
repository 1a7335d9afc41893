"""The fixtures, a module for each format; Fixtures/make_fixtures.py runs them."""

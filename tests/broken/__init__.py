"""A good scenario, and the ways of breaking it: data for test_broken_input.py."""

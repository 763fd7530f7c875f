"""Measurements that take minutes and aren't part of the tests."""

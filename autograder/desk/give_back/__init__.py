"""Marks and feedback go back to students: pages, zip files, tables."""

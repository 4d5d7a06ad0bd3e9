"""Lesson 2: a wasteful chain of products, and a published gradient that is wrong."""

FOLDER = "02-wasteful-module"

"""One package a lesson: its exercises, its explorers, and the functions that its checks hand to an answer."""

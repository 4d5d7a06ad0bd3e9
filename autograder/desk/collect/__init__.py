"""Hand-ins are collected from what learning platforms hand out, and from folders."""

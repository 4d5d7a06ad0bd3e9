"""The gradebook is kept safe: dated copies, and recovery from each of them."""

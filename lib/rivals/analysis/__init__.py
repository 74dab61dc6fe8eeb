"""The questions that an analyst asks: each takes a network and returns labelled tables."""

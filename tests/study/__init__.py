"""Does it help? 10,000 made worlds in which the truth is known, and methods side by side.

`make study` runs it. `model` and `making` say what an analyst writes down, `truth` what happens,
`speaking` what is said of it, `spreading` who repeats it, `faults` what is made wrong on purpose,
`naive` and `matrix` how others weigh it, `weighing` how `rivals` does; `scoring` and `tables` hold
all of it against the truth.
"""

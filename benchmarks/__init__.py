"""`make bench`: what deployments cost here and elsewhere, in requests and in seconds.

`docs/performance.md` tells what is measured and shows the last results. The parts: `contenders` do
what `workloads` ask for, `sandbox` is the API they do it at, `measure` writes down what it took,
`goals` says what it may take, `report` tells.
"""

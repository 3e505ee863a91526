"""`make bench`: measures the requests and seconds of deployments.

It compares this project with alternatives. `docs/performance.md` shows the most important of the
last results, and `docs/performance/figures.md` shows all. The modules:

- `contenders`: the tools to compare, which are this project and its alternatives.
- `workloads`: the operations to measure, such as the creation of 100 rules.
- `sandbox`, `populated`: the local server that serves Datadog's API to all contenders.
- `runner`, `startup`: run the workloads with each contender, and measure them.
- `results`: the measurements, stored in `results.json`.
- `formulas`, `goals`: compute figures from the results, and compare them with limits.
- `report`, `charts`: show the results in the terminal and in the two pages of `docs/`. The texts of
  the pages are in `pages/`.
"""

"""`make bench`: measures requests and seconds of deployments with this project and alternatives.

`docs/performance.md` describes the method and shows the last results. `contenders` run the
`workloads` against one `sandbox`; `runner` measures them and stores `results`; `goals` limit
figures, which `formulas` compute; `report` shows everything.
"""

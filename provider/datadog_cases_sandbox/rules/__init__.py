"""Evaluation of automation and notification rules when an event happens to a case.

Nothing is carried out. The sandbox records each rule's outcome and returns it as `firings`, below
`/sandbox`; the API does not have this.
"""

"""Evaluation of automation and notification rules when an event happens to a case.

No action is executed. The sandbox records each rule's outcome, and returns the outcomes from its
own endpoint `/sandbox/firings`.
"""

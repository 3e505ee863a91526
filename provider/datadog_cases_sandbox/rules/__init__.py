"""Evaluation of automation and notification rules when an event happens to a case.

The sandbox does not execute the rules' actions. It records the outcome of each rule. The sandbox's
own endpoint `/sandbox/firings` returns these outcomes.
"""

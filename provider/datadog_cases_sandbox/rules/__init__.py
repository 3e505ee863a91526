"""Rules that run: which automation and notification rules an event on a case would set off.

Nothing is carried out. What each rule would have done, and why the others would not, is kept as
`firings`, and told below `/sandbox`: the API knows of nothing of it.
"""

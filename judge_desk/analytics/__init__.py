"""The statistics of peer review and of practice: pure functions over plain values; no database, no window, no network.

Context: the reform promises a review that is blind and fair, and whoever is judged must be able to check the method.
Decision: subjects' scores with intervals come from a crossed linear mixed model on form means (its 95 % intervals
hold what they promise); the many-facet Rasch model only describes the raters, because one rater's criteria lean on
each other (halo) and make its intervals too narrow. No module here can rank: nothing returns subjects by score.
Alternatives: R, or a Bayesian sampler: neither fits an office PC without a network; the free Python packages for alpha
and ICC are under the GPL, so the sixty lines stand here.
Consequences: numpy and scipy are needed by desk and command line, and are loaded only when something is computed; long
work goes to a process of its own (``services/campaigns.py``).
"""

"""Tables -> sentences: what is most likely, how sure, why, and what would change it.

No sentence states a number that its table does not hold. Likelihood (of the answer) and confidence
(in the basis for it) are never put into one sentence, and nobody is said to be right or wrong.
"""

from rivals.prose.assumption import say_key_assumption
from rivals.prose.basis import (
    say_conflict,
    say_hindsight,
    say_moment,
    say_origins,
    say_robustness,
)
from rivals.prose.changing import say_change
from rivals.prose.comparing import say_bounds, say_comparison, say_had
from rivals.prose.confidence import (
    CONFIDENCE_RULE,
    LEVELS,
    Confidence,
    Trials,
    rate_confidence,
)
from rivals.prose.correcting import say_corrections
from rivals.prose.differing import say_analysts
from rivals.prose.doubting import plan_collection, say_sensitivity
from rivals.prose.judgement import (
    COMBINE,
    DISCLAIMER,
    Headline,
    headline,
    rank_standing,
    say_likelihood,
    say_together,
    tabulate_standing,
)
from rivals.prose.measures import say_decibels
from rivals.prose.releasing import say_release
from rivals.prose.scoring import say_score
from rivals.prose.turning import say_turning_points, say_what_would_turn
from rivals.prose.waiting import say_waiting
from rivals.prose.weighing import say_conflicts, say_impact, say_naive

__all__ = [
    "COMBINE",
    "CONFIDENCE_RULE",
    "DISCLAIMER",
    "LEVELS",
    "Confidence",
    "Headline",
    "Trials",
    "headline",
    "plan_collection",
    "rank_standing",
    "rate_confidence",
    "say_analysts",
    "say_bounds",
    "say_change",
    "say_comparison",
    "say_conflict",
    "say_conflicts",
    "say_corrections",
    "say_decibels",
    "say_had",
    "say_hindsight",
    "say_impact",
    "say_key_assumption",
    "say_likelihood",
    "say_moment",
    "say_naive",
    "say_origins",
    "say_release",
    "say_robustness",
    "say_score",
    "say_sensitivity",
    "say_together",
    "say_turning_points",
    "say_waiting",
    "say_what_would_turn",
    "tabulate_standing",
]

"""One blueprint per topic."""

from web.views import about, compare, questions, sparql, studies

BLUEPRINTS = (studies.blueprint, compare.blueprint, questions.blueprint, sparql.blueprint, about.blueprint)

"""One blueprint per topic."""

from web.views import about, api, compare, protocol, questions, studies

BLUEPRINTS = (
    studies.blueprint,
    compare.blueprint,
    questions.blueprint,
    protocol.blueprint,
    about.blueprint,
    api.blueprint,
)

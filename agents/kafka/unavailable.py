"""A registry that does not answer, by itself: the registry's client takes 0.3 s to import."""


class RegistryUnavailable(Exception):
    """The registry does not answer: nobody's event is at fault."""

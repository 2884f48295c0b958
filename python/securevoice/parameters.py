#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A parameter of a wrong type is answered in one sentence. What was given is never repeated: it might be a key."""

import functools
import inspect
import numbers
import re
from collections.abc import Sequence

import numpy


class Texts:
    """A list of texts."""


class Numbers:
    """A list of numbers."""


def _all(value, kind):
    return isinstance(value, (Sequence, numpy.ndarray)) and not isinstance(value, (str, bytes)) and all(isinstance(entry, kind) for entry in value)


TYPES = { # what they are called, and what fits
    str: ("text", lambda value: isinstance(value, str)),
    bool: ("True or False", lambda value: isinstance(value, (bool, numpy.bool_))),
    int: ("a whole number", lambda value: isinstance(value, numbers.Integral) and not isinstance(value, bool)),
    float: ("a number", lambda value: isinstance(value, numbers.Real) and not isinstance(value, bool)),
    Texts: ("a list of texts", lambda value: _all(value, str)),
    Numbers: ("a list of numbers", lambda value: _all(value, numbers.Real)),
}


def check(owner, parameters, args, kwargs):
    """
    Raises TypeError with one sentence where what is given does not fit.

    owner: what has the parameters; parameters: {name: (tuple of types, default)}, in order; no types: anything
    """
    names = ", ".join(parameters)
    if len(args) > len(parameters):
        raise TypeError(f"{owner} takes {len(parameters)} parameters, not {len(args)}: {names or 'none'}")
    for name in kwargs:
        if name not in parameters:
            raise TypeError(f"{owner} has no parameter {name}: it takes {names or 'none'}")
    for name, value in [*zip(parameters, args), *kwargs.items()]:
        types, default = parameters[name]
        if types and not any(TYPES[wanted][1](value) for wanted in types):
            words = " or ".join(TYPES[wanted][0] for wanted in types)
            example = f", such as {default!r}" if str in types and default else ""
            given = "None" if value is None else f"of the type {type(value).__name__}"
            raise TypeError(f"the parameter {name} of {owner} is {words}{example}, not {given}")


def _wrapped(function, owner, parameters):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        check(owner, parameters, args, kwargs)
        return function(self, *args, **kwargs)
    return wrapper


def typed(**told):
    """
    Decorates a constructor or setter of a Python block. A parameter has the type of its default, any number where that is one; `told`: type
    or tuple of types of those where it is another, by name.
    """
    def decorate(function):
        found = {}
        for parameter in list(inspect.signature(function).parameters.values())[1:]: # without self
            default = None if parameter.default is parameter.empty else parameter.default
            usual = {str: (str,), bool: (bool,), int: (float,), float: (float,)}.get(type(default), ())
            types = told.get(parameter.name, usual)
            found[parameter.name] = types if isinstance(types, tuple) else (types,), default
        return _wrapped(function, function.__qualname__.replace(".__init__", ""), found)
    return decorate


BOUND = re.compile(r"(\w+): ([\w.\[\]]+)(?: = ('[^']*'|[^,)]+))?") # as pybind11 writes a parameter
BOUND_TYPES = {"str": (str,), "bool": (bool,), "int": (int,), "float": (float,), "List[str]": (Texts,)}


def check_bound(cls):
    """Gives the constructor and the setters of a block of C++ the same answers, in the place of pybind11's table of signatures."""
    for name in ("__init__", *(name for name in vars(cls) if name.startswith("set_"))):
        function = getattr(cls, name)
        signature = function.__doc__.split(" -> ")[0]
        found = {p: (BOUND_TYPES.get(kind, ()), default.strip("'")) for p, kind, default in BOUND.findall(signature) if p != "self"}
        setattr(cls, name, _wrapped(function, cls.__name__ if name == "__init__" else f"{cls.__name__}.{name}", found))

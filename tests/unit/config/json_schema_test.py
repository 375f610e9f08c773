#!/usr/bin/env python3
"""Holds the published JSON Schema against files that pid1 takes or refuses (example_test.cc)."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: PyYAML takes `no` for a truth value and 0022 for octal."""

    yaml_implicit_resolvers = {}


def resolve(tag, pattern, first):
    Loader.add_implicit_resolver(tag, re.compile(pattern), list(first))


resolve("tag:yaml.org,2002:bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF")
resolve("tag:yaml.org,2002:int", r"^-?(0|[1-9][0-9]*)$", "-0123456789")
resolve("tag:yaml.org,2002:float", r"^-?[0-9]+\.[0-9]+$", "-0123456789")
resolve("tag:yaml.org,2002:null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""])
resolve("tag:yaml.org,2002:merge", r"^<<$", "<")


def complaint(validator, path):
    document = yaml.load(path.read_text(encoding="utf-8"), Loader)
    return jsonschema.exceptions.best_match(validator.iter_errors(document))


def main():
    schema = json.loads(pathlib.Path("schema/pid1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    corpus = pathlib.Path("tests/unit/config/corpus")
    good = sorted(corpus.glob("good/*.yaml"))
    bad = sorted(corpus.glob("bad/*.yaml")) + [corpus / "shop_later.yaml"]
    assert good and len(bad) > 1, "no corpus"
    failures = 0
    for path in good:
        error = complaint(validator, path)
        if error:
            failures += 1
            print(f"{path}: the schema refuses what pid1 takes: {error.json_path}: {error.message}")
    for path in bad:
        if not complaint(validator, path):
            failures += 1
            print(f"{path}: the schema takes what pid1 refuses")
    print(f"{len(good) + len(bad)} files, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

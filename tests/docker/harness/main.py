"""Runs a file's tests and leaves the report that Bazel asks for, one entry a case."""

import os
import time
import unittest
import xml.etree.ElementTree as ElementTree


class _Result(unittest.TextTestResult):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.suite = ElementTree.Element("testsuite")
        self._failures = []

    def startTest(self, test):
        super().startTest(test)
        self._failures = []
        self._began = time.monotonic()

    def addError(self, test, err):
        super().addError(test, err)
        self._failures.append(err)
        if not isinstance(test, unittest.TestCase):  # a class that could not be set up
            self._began = time.monotonic()
            self._report(str(test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._failures.append(err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failures.append(err)

    def stopTest(self, test):
        super().stopTest(test)
        self._report(test.id())

    def _report(self, name):
        class_name, _, case_name = name.removeprefix("__main__.").rpartition(".")
        case = ElementTree.SubElement(self.suite, "testcase", classname=class_name, name=case_name,
                                      time=f"{time.monotonic() - self._began:.3f}")
        for _, error, _ in self._failures:
            ElementTree.SubElement(case, "failure", message=str(error))


def main():
    runner = unittest.TextTestRunner(verbosity=2, resultclass=_Result)
    program = unittest.main(testRunner=runner, exit=False)
    if "XML_OUTPUT_FILE" in os.environ:
        ElementTree.ElementTree(program.result.suite).write(os.environ["XML_OUTPUT_FILE"])
    raise SystemExit(not program.result.wasSuccessful())

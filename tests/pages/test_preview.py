import re
import threading
import time

import jinja2
import pytest

from campaign.errors import CandleError
from campaign.pages.hosting import Live
from campaign.pages.preview import rebuilding


def test_a_change_builds_again_and_names_the_fault(tmp_path):
    story = tmp_path / "story.md"
    story.write_text("# Title")
    live = Live()

    def build():
        if "broken" in story.read_text():
            raise CandleError("story.md:1: broken; mend it")

    def edit():
        time.sleep(0.3)
        story.write_text("# broken")

    builds = rebuilding(build, [tmp_path], live)
    assert next(builds) == ""
    threading.Thread(target=edit).start()
    assert next(builds) == "story.md:1: broken; mend it"
    assert live.faults == "story.md:1: broken; mend it"
    builds.close()


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda folder: jinja2.Environment().from_string("\n{% nonsense %}"), ":2: .*nonsense"),
        (lambda folder: (folder / "renamed.css").read_text(), "renamed.css"),
    ],
)
def test_a_designers_typo_or_a_file_in_mid_rename_does_not_end_the_preview(tmp_path, broken, fault):
    builds = rebuilding(lambda: broken(tmp_path), [tmp_path], live := Live())
    assert re.search(fault, next(builds))
    assert re.search(fault, live.faults)
    builds.close()

"""The bundles by name."""

import json

import pytest

from webui.kit.assets import asset, manifest


def test_a_bundle_has_its_address_with_the_digest_in_it(app):
    with app.test_request_context():
        assert asset("app", "js").startswith("/static/dist/app-")
        assert asset("viewer", "css").endswith(".css")


def test_what_was_not_built_is_said_before_the_first_page(tmp_path):
    with pytest.raises(RuntimeError, match=r"webui\.build"):
        manifest(tmp_path)


def test_the_manifest_is_read(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"x": {"js": "x-1.js"}}))
    assert manifest(tmp_path) == {"x": {"js": "x-1.js"}}

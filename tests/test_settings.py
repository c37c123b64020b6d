"""Settings come from one place, misspelt names are errors, and the page that lists them is true."""

from __future__ import annotations

import re

import pytest

from index.errors import SettingsError
from index.settings import PREFIX, ROOT, Settings, load_settings


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "9000")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    settings = load_settings()
    assert settings.port == 9000
    assert "sk-secret" not in repr(settings)


def test_a_misspelt_name_suggests_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PROT", "9000")
    with pytest.raises(SettingsError, match=r"DATELINE_PROT.*Did you mean DATELINE_PORT"):
        load_settings()


def test_a_value_that_does_not_fit_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "many")
    with pytest.raises(SettingsError, match="DATELINE_PORT"):
        load_settings()


def test_the_documentation_lists_every_setting_with_its_default() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE))
    expected = {
        str(field.validation_alias or PREFIX + name.upper()) for name, field in Settings.model_fields.items()
    }
    assert documented == expected
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or PREFIX + name.upper())
        row = next(line for line in page.splitlines() if line.startswith(f"| `{variable}` |"))
        _, _, default, description, _ = (cell.strip() for cell in row.split("|"))
        assert default == ("" if field.default in (None, (), "") else f"`{field.default}`"), variable
        assert field.description == description, variable

"""The files of one configuration: read inside its folder, keywords replaced, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.config.document import Document, read_document, read_json
from tenantctl.config.keywords import Replaced, replace_keywords
from tenantctl.config.source import Source, read_source
from tenantctl.config.variables import MAPPINGS, Keywords, declared_keywords, declares_variables
from tenantctl.problems import Position, Problem, ProblemsError, raise_errors
from tenantctl.states import Json


@dataclass(slots=True)
class Files:
    """Reads files, and collects what is wrong in them.

    root: the folder that no path may leave. keywords: what markers are replaced by.
    environment: the chosen overlay, whose keywords the main file may declare.
    """

    root: Path
    keywords: Keywords
    environment: str | None = None
    problems: list[Problem] = field(default_factory=list)
    _sources: dict[Path, Source] = field(default_factory=dict)
    _gone: set[Path] = field(default_factory=set)

    def read_main(self, path: Path) -> Document:
        """Read the file that may declare keywords, for itself and for all others.

        Raises ProblemsError as `read`.
        """
        source = self._source(path)
        if declares_variables(source.text):
            raw, _ = read_document(Replaced(source, source.text), {})
            self.keywords, problems = declared_keywords(raw, self.environment, self.keywords)
            self.problems.extend(problems)
        return self.read(path)

    def read(self, path: Path) -> Document:
        """Read a YAML or JSON file.

        Raises ProblemsError if it can't be read or is no mapping; what lets the rest be checked is collected.
        """
        text = self.text(path)
        read = read_json if path.suffix.lower() == ".json" else read_document
        document, problems = read(text, self.keywords.values)
        self.problems.extend(problems)
        return document

    def text(self, path: Path) -> Replaced:
        """Return the text of a file, keywords replaced.

        Raises ProblemsError if it can't be read.
        """
        return replace_keywords(self._source(path), self.keywords.values)

    @property
    def texts(self) -> Mapping[Path, str]:
        """What the files read so far hold."""
        return {path: source.text for path, source in self._sources.items()}

    def hold(self, path: Path, text: str | None) -> None:
        """Take a text for what a file holds, or None for there being none."""
        if text is None:
            self._gone.add(path)
        else:
            self._sources[path] = Source(str(path), text)

    def exists(self, path: Path) -> bool:
        """Return whether there is such a file."""
        return path not in self._gone and (path in self._sources or path.is_file())

    def fitting(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files below a folder that a glob of the directory layout fits, by name."""
        depth = len(folder.parts) + len(Path(pattern).parts)
        held = {path for path in self._sources if len(path.parts) == depth and path.match(pattern)}
        return sorted(path for path in {*folder.glob(pattern), *held} if self.exists(path))

    def find(self, name: str, folders: Sequence[Path], named_at: Position) -> Path | None:
        """Return the file of this name in the first of the folders that has it, or None.

        Raises ProblemsError if the name leads out of the configuration's folder, by a symbolic link, too.
        """
        for folder in folders:
            path = folder / name.replace("\\", "/")
            self.check_inside(path, named_at)
            if path not in self._gone and (path in self._sources or _is_file(path, named_at)):
                return path
        return None

    def check_inside(self, path: Path, named_at: Position) -> None:
        """Check that a path does not lead out of the configuration's folder.

        Raises ProblemsError, with the position at which it is named.
        """
        root = self.root.resolve()
        try:
            is_inside = path.resolve().is_relative_to(root)
        except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a NUL
            raise _no_path(error, named_at) from None
        if not is_inside:
            problem = Problem(
                code="path-outside",
                summary=f"{path} leads out of the folder of this configuration",
                hint="Put the file into that folder, or below it, and name it from there.",
                position=named_at,
            )
            raise ProblemsError([problem])

    def _source(self, path: Path) -> Source:
        known = self._sources.get(path)
        if known is None:
            known = self._sources[path] = read_source(path)
        return known


def read_mapping(path: Path) -> Mapping[str, Json]:
    """Return what a YAML or JSON file maps names to; no keywords are replaced in it.

    Raises ProblemsError if it can't be read or is no mapping.
    """
    source = read_source(path)
    document, problems = read_document(Replaced(source, source.text), {})
    raise_errors(problems)
    return document.data


def read_settings(path: Path) -> Mapping[str, Json]:
    """Return the settings of a ``config.json`` of auth0-deploy-cli.

    Raises ProblemsError if it can't be read, is no mapping, or gives keywords that are none.
    """
    source = read_source(path)
    document, problems = read_json(Replaced(source, source.text), {})
    raise_errors([each for each in problems if each.code != "unresolved-keyword"])
    settings = document.data
    if not isinstance(settings, dict):
        raise _no_mapping("the file is not a mapping of settings", document.locate(()))
    if not isinstance(settings.get(MAPPINGS) or {}, dict):
        raise _no_mapping(f"{MAPPINGS} must be a mapping", document.locate((MAPPINGS,)))
    return settings


def _no_mapping(what: str, position: Position) -> ProblemsError:
    hint = f'Write it as {{"{MAPPINGS}": {{"KEY": "value"}}}}.'
    return ProblemsError([Problem(code="wrong-type", summary=what, hint=hint, position=position)])


def _is_file(path: Path, named_at: Position) -> bool:
    """Return whether there is such a file. Raises ProblemsError for a folder, or what can be no path."""
    try:
        if not path.is_dir():
            return path.is_file()
    except (OSError, ValueError) as error:
        raise _no_path(error, named_at) from None
    what = f"{path} is a folder, not a file"
    problem = Problem(code="file-is-directory", summary=what, hint="Name the file in it.", position=named_at)
    raise ProblemsError([problem])


def _no_path(error: Exception, named_at: Position) -> ProblemsError:
    cause = error.strerror if isinstance(error, OSError) else "no path can be this"
    problem = Problem(
        code="file-unreadable",
        summary=f"the file that is named here can't be read: {cause}",
        hint="Check the path, its links, and who may read it.",
        position=named_at,
    )
    return ProblemsError([problem])

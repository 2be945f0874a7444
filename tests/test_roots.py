"""A course of one's own finds figure kinds, experiments and data in its folder first, then in the library."""

import pytest
from own_course import make_own_course
from sample_project import make_project

from generator.commands import up_to_date
from generator.commands.gallery import find_problems, read_examples
from generator.commands.watch import State, Watcher
from generator.engine.code_digest.modules import ModuleIndex
from generator.engine.dask_cluster import sent_files
from generator.engine.keys import KeyMaker
from generator.engine.observed_files import ObservedFiles
from generator.errors import SourceError, Where
from generator.lecture.course import read_course
from generator.lecture.included_files import IncludedFiles, find_dataset
from generator.plan.recipes import own_recipe_names, read_recipe, recipe_names
from generator.roots import CODE_FOLDERS, LIBRARY, roots_of
from generator.runners.observing import Observer

HERE = Where("lectures/first.md", 3)


@pytest.fixture
def course(tmp_path):
    return make_own_course(tmp_path / "course", dot="a dot", pooling="not the library's")


def test_a_folder_with_a_generator_is_its_own_library(tmp_path, course):
    assert roots_of(make_project(tmp_path / "clone")) == (tmp_path / "clone",)
    assert roots_of(course) == (course, LIBRARY)


def test_a_course_has_its_own_kinds_and_those_of_the_library(course):
    assert {"dot", "pooling", "convolution"} <= {*recipe_names("figure", course)}
    assert own_recipe_names("figure", course) == ["dot", "pooling"]


def test_a_kind_of_the_course_hides_one_of_the_library(course):
    assert read_recipe("figure", "pooling", course, HERE).doc == "A figure of one's own: not the library's."
    assert read_recipe("figure", "convolution", course, HERE).parameter("strides")


def test_an_experiment_of_the_library_has_the_name_that_it_has_in_a_clone(course):
    recipe = read_recipe("experiment", "mnist_dense", course, HERE)
    assert (recipe.path, recipe.module) == ("lectures/experiments/mnist_dense.py", "lectures.experiments.mnist_dense")


def test_the_code_that_a_kind_of_the_library_reaches_is_the_same_in_a_course_and_in_a_clone(course):
    draw = ("figures.convolution", ("trace", "draw", "animate"))
    assert KeyMaker(course).code_digests.of_verbs(*draw) == KeyMaker(LIBRARY).code_digests.of_verbs(*draw)


def test_the_code_of_a_course_counts_before_that_of_the_library(course):
    index = ModuleIndex(course)
    names = [statement.label for statement in index.find("figures.pooling").statements]
    assert [name for name in names if name == "trace"] == ["trace"]
    assert index.files("figures/pooling.py") != ModuleIndex(LIBRARY).files("figures/pooling.py")
    assert index.files("figures/relu.py") == ModuleIndex(LIBRARY).files("figures/relu.py")


def test_the_modules_of_a_shared_folder_come_from_both(course):
    assert {"figures.dot", "figures.parts.still"} <= {*ModuleIndex(course).submodules("figures")}


def test_of_a_library_the_code_counts_and_nothing_else(course):
    assert ModuleIndex(course).find("tests") is None


def test_an_environment_in_a_course_is_no_code_of_it(course):
    (course / "venv" / "lib").mkdir(parents=True)
    (course / "venv" / "pyvenv.cfg").touch()
    (course / "venv" / "lib" / "module.py").touch()
    assert not [path for path in ModuleIndex(course).files_below(course) if "venv" in path.parts]


@pytest.mark.parametrize("name", ["figures/__init__.py", "figures/parts/__init__.py", "lectures.py"])
def test_a_file_that_would_hide_the_library_is_refused(course, name):
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).touch()
    with pytest.raises(SourceError, match="hides what comes with Lectern") as error:
        read_course(course)
    assert error.value.where == Where(name)


def test_a_clone_may_have_packages(tmp_path):
    clone = make_project(tmp_path / "clone")
    (clone / "figures" / "__init__.py").touch()
    assert read_course(clone).title == "Test"


def test_a_data_set_of_the_library_is_found_by_its_name(course):
    path, digest = find_dataset("mnist", IncludedFiles(course), HERE)
    assert path == LIBRARY / "generator" / "datasets" / "mnist.npz"
    assert find_dataset("mnist", IncludedFiles(LIBRARY), HERE)[1] == digest


def test_a_change_of_the_library_is_seen_by_the_fast_check(course, tmp_path, monkeypatch):
    library = make_project(tmp_path / "library")
    monkeypatch.setattr(up_to_date, "LIBRARY", str(library))
    before = up_to_date.snapshot(str(course), [])
    (library / "figures" / "half.py").write_text("changed")
    assert {path for path, stamp in up_to_date.snapshot(str(course), []).items() if before.get(path) != stamp} == {
        str(library / "figures" / "half.py")
    }


def test_a_file_of_the_library_that_a_task_reads_is_observed_by_its_path_there(course, tmp_path):
    (tmp_path / "job").mkdir()
    observer = Observer(str(course), str(tmp_path / "job"), [])
    assert observer.name_of(LIBRARY / "figures" / "data.csv") == "figures/data.csv"
    assert observer.name_of(course / "data.csv") == "data.csv"
    assert observer.name_of(LIBRARY / "README.md") is None


def test_a_file_that_was_observed_is_looked_up_in_the_course_first(course):
    name = "figures/relu.py"
    of_library = ObservedFiles(LIBRARY).digest(name)
    assert ObservedFiles(course).digest(name) == of_library
    (course / name).write_text("mine")
    assert ObservedFiles(course).digest(name) != of_library


def test_a_cluster_is_sent_the_code_of_both(course):
    sent = sent_files(course)
    assert sent["figures/pooling.py"] == course / "figures" / "pooling.py"
    assert sent["figures/parts/still.py"] == LIBRARY / "figures" / "parts" / "still.py"
    assert {name.partition("/")[0] for name in sent} == {*CODE_FOLDERS}


def test_a_gallery_asks_for_examples_of_the_kinds_of_the_course_alone(course):
    (course / "docs").mkdir()
    front = "---\ntitle: Kinds\n---\n"
    (course / "docs" / "gallery.md").write_text(f"{front}## dot\n\n:::{{figure}} dot\n:number: 1\n:::\n")
    problems = [str(error).partition("\n")[0] for error in find_problems(read_examples(course), course)]
    assert problems == [
        "figures/dot.py: the figure has no 'describe'",
        "figures/pooling.py: the figure has no 'describe'",
        "figures/pooling.py: the figure has no example",
    ]


def test_a_course_is_watched_with_its_library_and_without_an_environment_in_it(course):
    (course / "venv").mkdir()
    (course / "venv" / "pyvenv.cfg").touch()
    watched = Watcher(course, "build/quick", lambda: 0, State()).snapshot()
    assert {str(course / "figures" / "dot.py"), str(LIBRARY / "figures" / "relu.py")} <= watched.keys()
    assert not [path for path in watched if path.startswith(str(course / "venv"))]

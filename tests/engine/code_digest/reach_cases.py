"""Small projects and an edit of each: does what `figures.wave:draw` reaches change with it?

`case(title, edited file, its text before, its text after, further files …)`: `changes` what
`draw` returns changes, `still` one where it does not. A text before of "" means that there is no such file. Names without a folder are modules in `figures`.
"""

from dataclasses import dataclass
from pathlib import Path

from generator.engine.code_digest.digest import CodeDigests
from generator.engine.code_digest.modules import ModuleIndex


@dataclass(frozen=True)
class Case:
    title: str
    path: str
    before: str
    after: str
    files: dict[str, str]
    changes: bool


def path_of(name: str) -> str:
    return name if "/" in name else f"figures/{name}" + ("" if "." in name else ".py")


def case(title: str, name: str, before: str, after: str, /, *, changes: bool = True, **files: str) -> Case:
    others = {path_of(other): text for other, text in files.items()}
    return Case(title, path_of(name), before, after, others, changes)


def still(title: str, name: str, before: str, after: str, /, **files: str) -> Case:
    return case(title, name, before, after, changes=False, **files)


def write(folder: Path, name: str, text: str) -> None:
    path = (folder / name).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def digest(folder: Path, verb: str = "draw") -> str:
    return CodeDigests(ModuleIndex(folder)).of_verbs("figures.wave", (verb,)).digest


USES = "from figures.pen import width\ndef draw():\n    return width()\n"
PLAIN = "from figures import pen\ndef draw():\n    return 1\n"
WHOLE = "def width():\n    return 1\ndef other():\n    return {}\n"


def whole(n: int) -> str:
    return WHOLE.format(n)


CASES = [
    # --- what a verb mentions
    case("a function that is called", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave=USES),
    case("a function two calls away", "ink", "def dark():\n    return 1\n", "def dark():\n    return 2\n", wave=USES, pen="from figures import ink\ndef width():\n    return ink.dark()\n"),
    still("a function that only the film calls", "pen", "def width():\n    return 1\ndef glide():\n    return 1\n", "def width():\n    return 1\ndef glide():\n    return 2\n", wave=USES + "def animate():\n    from figures import pen\n    return pen.glide()\n"),
    still("another verb", "wave", "def draw():\n    return 1\ndef animate():\n    return 1\n", "def draw():\n    return 1\ndef animate():\n    return 2\n"),
    still("a module that nobody imports", "pen", "X = print('a')\n", "X = print('b')\n", wave="def draw():\n    return 1\n"),
    case("a constant", "wave", "A = 1\ndef draw():\n    return A\n", "A = 2\ndef draw():\n    return A\n"),
    case("a constant of another module", "pen", "A = 1\n", "A = 2\n", wave="from figures import pen\ndef draw():\n    return pen.A\n"),
    still("a constant that nobody reads", "pen", "A = 1\n", "A = 2\n", wave=PLAIN),
    case("a constant made of constants", "wave", "A = 1\nB = (A, 2)\ndef draw():\n    return B\n", "A = 3\nB = (A, 2)\ndef draw():\n    return B\n"),
    case("a name defined twice", "wave", "A = 1\nA = 2\ndef draw():\n    return A\n", "A = 1\nA = 3\ndef draw():\n    return A\n"),
    case("the order of two definitions of a name", "wave", "A = 1\nA = 2\ndef draw():\n    return A\n", "A = 2\nA = 1\ndef draw():\n    return A\n"),
    case("a function defined twice", "wave", "def f():\n    return 1\ndef f():\n    return 2\ndef draw():\n    return f()\n", "def f():\n    return 2\ndef f():\n    return 1\ndef draw():\n    return f()\n"),
    still("the order of functions", "wave", "def f():\n    return 1\ndef g():\n    return f()\ndef draw():\n    return g()\n", "def g():\n    return f()\ndef f():\n    return 1\ndef draw():\n    return g()\n"),
    case("a builtin that gets covered", "wave", "def draw():\n    return len('abc')\n", "def len(x):\n    return 9\ndef draw():\n    return len('abc')\n"),
    case("several names at once", "wave", "A, B = 1, 2\ndef draw():\n    return A\n", "A, B = 3, 2\ndef draw():\n    return A\n"),
    case("an annotated constant", "wave", "A: int = 1\ndef draw():\n    return A\n", "A: int = 2\ndef draw():\n    return A\n"),
    case("a name that a function writes", "wave", "def f():\n    global A\n    A = 1\ndef draw():\n    f()\n    return A\n", "def f():\n    global A\n    A = 2\ndef draw():\n    f()\n    return A\n"),
    case("a module bound by a function", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="def load():\n    global pen\n    from figures import pen\ndef draw():\n    load()\n    return pen.width()\n"),
    case("a function in a table", "wave", "def f():\n    return 1\nT = {'f': f}\ndef draw():\n    return T['f']()\n", "def f():\n    return 2\nT = {'f': f}\ndef draw():\n    return T['f']()\n"),
    case("a function in a list of another module", "pen", "def f():\n    return 1\nL = [f]\n", "def f():\n    return 2\nL = [f]\n", wave="from figures.pen import L\ndef draw():\n    return L[0]()\n"),
    case("a function in a partial", "wave", "from functools import partial\ndef f(x):\n    return x\nP = partial(f, 1)\ndef draw():\n    return P()\n", "from functools import partial\ndef f(x):\n    return x + 1\nP = partial(f, 1)\ndef draw():\n    return P()\n"),
    case("a function in a lambda", "wave", "def f():\n    return 1\ng = lambda: f()\ndef draw():\n    return g()\n", "def f():\n    return 2\ng = lambda: f()\ndef draw():\n    return g()\n"),
    case("a default argument", "wave", "A = 1\ndef draw(x=A):\n    return x\n", "A = 2\ndef draw(x=A):\n    return x\n"),
    case("a function as a default", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="from figures import pen\ndef draw(f=pen.width):\n    return f()\n"),
    case("a nested function", "wave", "def f():\n    return 1\ndef draw():\n    def g():\n        return f()\n    return g()\n", "def f():\n    return 2\ndef draw():\n    def g():\n        return f()\n    return g()\n"),
    case("a comprehension", "wave", "A = 1\ndef draw():\n    return [A for _ in 'ab']\n", "A = 2\ndef draw():\n    return [A for _ in 'ab']\n"),
    case("a format string", "wave", "A = 1\ndef draw():\n    return f'{A}'\n", "A = 2\ndef draw():\n    return f'{A}'\n"),
    # --- classes
    case("a method", "wave", "class C:\n    def f(self):\n        return 1\ndef draw():\n    return C().f()\n", "class C:\n    def f(self):\n        return 2\ndef draw():\n    return C().f()\n"),
    case("a base class of another module", "pen", "class B:\n    def f(self):\n        return 1\n", "class B:\n    def f(self):\n        return 2\n", wave="from figures import pen\nclass C(pen.B):\n    pass\ndef draw():\n    return C().f()\n"),
    case("the default of a dataclass", "wave", "from dataclasses import dataclass\nA = 1\n@dataclass\nclass C:\n    x: int = A\ndef draw():\n    return C().x\n", "from dataclasses import dataclass\nA = 2\n@dataclass\nclass C:\n    x: int = A\ndef draw():\n    return C().x\n"),
    case("a default factory", "wave", "from dataclasses import dataclass, field\ndef f():\n    return 1\n@dataclass\nclass C:\n    x: int = field(default_factory=f)\ndef draw():\n    return C().x\n", "from dataclasses import dataclass, field\ndef f():\n    return 2\n@dataclass\nclass C:\n    x: int = field(default_factory=f)\ndef draw():\n    return C().x\n"),
    still("a class that nobody makes", "wave", "class C:\n    A = 1\ndef draw():\n    return 1\n", "class C:\n    A = 2\ndef draw():\n    return 1\n"),
    case("a class that registers its subclasses", "pen", "from figures.ink import Base\nclass C(Base):\n    n = 1\n", "from figures.ink import Base\nclass C(Base):\n    n = 2\n", ink="ALL = []\nclass Base:\n    def __init_subclass__(cls):\n        ALL.append(cls.n)\n", wave="from figures import ink, pen\ndef draw():\n    return ink.ALL\n"),
    case("a metaclass that registers", "wave", "ALL = []\nclass M(type):\n    def __init__(c, *a):\n        ALL.append(c.n)\nclass C(metaclass=M):\n    n = 1\ndef draw():\n    return ALL\n", "ALL = []\nclass M(type):\n    def __init__(c, *a):\n        ALL.append(c.n)\nclass C(metaclass=M):\n    n = 2\ndef draw():\n    return ALL\n"),
    case("subclasses that are looked up", "wave", "class B:\n    pass\nclass C(B):\n    n = 1\ndef draw():\n    return [c.n for c in B.__subclasses__()]\n", "class B:\n    pass\nclass C(B):\n    n = 2\ndef draw():\n    return [c.n for c in B.__subclasses__()]\n"),
    case("a class body that acts", "wave", "L = []\nclass C:\n    L.append(1)\ndef draw():\n    return L\n", "L = []\nclass C:\n    L.append(2)\ndef draw():\n    return L\n"),
    case("an enumeration whose members act", "wave", "import enum\nL = []\nclass E(enum.Enum):\n    A = 1\n    def __init__(self, n):\n        L.append(n)\ndef draw():\n    return L\n", "import enum\nL = []\nclass E(enum.Enum):\n    A = 2\n    def __init__(self, n):\n        L.append(n)\ndef draw():\n    return L\n"),
    # --- decorators
    case("a decorator", "wave", "def d(f):\n    return lambda: 1\n@d\ndef draw():\n    return 0\n", "def d(f):\n    return lambda: 2\n@d\ndef draw():\n    return 0\n"),
    case("a decorator that registers", "wave", "ALL = []\ndef d(f):\n    ALL.append(f)\n@d\ndef f():\n    return 1\ndef draw():\n    return ALL[0]()\n", "ALL = []\ndef d(f):\n    ALL.append(f)\n@d\ndef f():\n    return 2\ndef draw():\n    return ALL[0]()\n"),
    still("a cached function that nobody calls", "wave", "from functools import cache\n@cache\ndef f():\n    return 1\ndef draw():\n    return 1\n", "from functools import cache\n@cache\ndef f():\n    return 2\ndef draw():\n    return 1\n"),
    case("a decorator under a trusted name", "wave", "L = []\ndef cache(f):\n    L.append(f())\n@cache\ndef f():\n    return 1\ndef draw():\n    return L\n", "L = []\ndef cache(f):\n    L.append(f())\n@cache\ndef f():\n    return 2\ndef draw():\n    return L\n"),
    case("a case of a function by type", "wave", "from functools import singledispatch\n@singledispatch\ndef f(x):\n    return 0\n@f.register\ndef _(x: int):\n    return 1\ndef draw():\n    return f(1)\n", "from functools import singledispatch\n@singledispatch\ndef f(x):\n    return 0\n@f.register\ndef _(x: int):\n    return 2\ndef draw():\n    return f(1)\n"),
    # --- names that are imported
    case("an alias of a module", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="import figures.pen as p\ndef draw():\n    return p.width()\n"),
    case("an alias of a name", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="from figures.pen import width as w\ndef draw():\n    return w()\n"),
    case("a dotted import", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="import figures.pen\ndef draw():\n    return figures.pen.width()\n"),
    case("an alias that comes to mean another function", "wave", "from figures.pen import a as f\ndef draw():\n    return f()\n", "from figures.pen import b as f\ndef draw():\n    return f()\n", pen="def a():\n    return 1\ndef b():\n    return 2\n"),
    case("an alias of another function from outside", "wave", "from math import floor as f\ndef draw():\n    return f(1.5)\n", "from math import ceil as f\ndef draw():\n    return f(1.5)\n"),
    case("a name re-exported by a package", "figures/set/inner.py", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="from figures.set import width\ndef draw():\n    return width()\n", **{"figures/set/__init__.py": "from .inner import width\n"}),
    case("a name re-exported twice", "nib", "def w():\n    return 1\n", "def w():\n    return 2\n", wave=USES, pen="from figures.ink import w as width\n", ink="from figures.nib import w\n"),
    still("a neighbor of a re-exported name", "nib", "def w():\n    return 1\ndef v():\n    return 1\n", "def w():\n    return 1\ndef v():\n    return 2\n", wave=USES, pen="from figures.nib import v, w as width\n"),
    still("another name in an import", "wave", "from figures.pen import width\ndef draw():\n    return width()\n", "from figures.pen import other, width\ndef draw():\n    return width()\n", pen=whole(1)),
    case("a relative import", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="from . import pen\ndef draw():\n    return pen.width()\n"),
    case("an import inside a function", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="def draw():\n    from figures.pen import width\n    return width()\n"),
    still("an import inside a function that is not called", "pen", "def width():\n    return print()\n", "def width():\n    return 2\n", wave="def animate():\n    from figures.pen import width\ndef draw():\n    return 1\n"),
    case("an import in either branch", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="import sys\nif sys.version_info > (2,):\n    from figures.pen import width\nelse:\n    from figures.ink import width\ndef draw():\n    return width()\n", ink=""),
    case("an import that may fail", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="try:\n    from figures.none import width\nexcept ImportError:\n    from figures.pen import width\ndef draw():\n    return width()\n"),
    case("a module that comes to exist", "none", "", "def width():\n    return 2\n", wave="try:\n    from figures.none import width\nexcept ImportError:\n    width = lambda: 1\ndef draw():\n    return width()\n"),
    case("a name that is imported and no longer there", "pen", "def width():\n    return 1\n", "def breadth():\n    return 1\n", wave="from figures.pen import width\ndef draw():\n    return 1\n"),
    case("a star import", "pen", "def width():\n    return 1\n", "def width():\n    return 2\n", wave="from figures.pen import *\ndef draw():\n    return width()\n"),
    case("a star import that covers another", "ink", "A = 1\n", "def width():\n    return 2\n", wave="from figures.pen import *\nfrom figures.ink import *\ndef draw():\n    return width()\n", pen="def width():\n    return 1\n"),
    case("what `__all__` lets through a star import", "ink", "def width():\n    return 2\n", "def width():\n    return 2\n__all__ = []\n", wave="from figures.pen import *\nfrom figures.ink import *\ndef draw():\n    return width()\n", pen="def width():\n    return 1\n"),
    case("a package beside a module of the same name", "figures/pen/__init__.py", "from figures.ink import width\n", "from figures.ink import other as width\n", wave=USES, pen="def width():\n    return 0\n", ink="def width():\n    return 1\ndef other():\n    return 2\n"),
    case("a file that hides a library", "./colorsys.py", "", "def f():\n    return 2\n", wave="try:\n    from colorsys import f\nexcept ImportError:\n    f = lambda: 1\ndef draw():\n    return f()\n"),
    # --- effects at import
    case("a statement with an effect", "pen", "L = []\nL.append(1)\n", "L = []\nL.append(2)\n", wave="from figures.pen import L\ndef draw():\n    return L\n"),
    case("an effect on another module", "pen", "from figures.ink import L\nL.append(1)\n", "from figures.ink import L\nL.append(2)\n", wave="from figures import ink, pen\ndef draw():\n    return ink.L\n", ink="L = []\n"),
    case("an effect through a function", "pen", "from figures.ink import L\ndef f():\n    L.append(1)\nf()\n", "from figures.ink import L\ndef f():\n    L.append(2)\nf()\n", wave="from figures import ink, pen\ndef draw():\n    return ink.L\n", ink="L = []\n"),
    case("the order of effects", "pen", "L = []\nL.append(1)\nL.append(2)\n", "L = []\nL.append(2)\nL.append(1)\n", wave="from figures.pen import L\ndef draw():\n    return L\n"),
    case("the order of imports with effects", "wave", "from figures import ink, pen, nib\ndef draw():\n    return ink.L\n", "from figures import ink, nib, pen\ndef draw():\n    return ink.L\n", ink="L = []\n", pen="from figures.ink import L\nL.append(1)\n", nib="from figures.ink import L\nL.append(2)\n"),
    still("the order of imports without", "wave", "from figures import ink, nib\ndef draw():\n    return ink.A\n", "from figures import nib, ink\ndef draw():\n    return ink.A\n", ink="A = 1\n", nib="B = 1\n"),
    case("an effect of a package", "figures/__init__.py", "L = []\nL.append(1)\n", "L = []\nL.append(2)\n", wave="import figures\ndef draw():\n    return figures.L\n"),
    case("an effect of a module imported in a function", "pen", "from figures import ink\nink.L.append(1)\n", "from figures import ink\nink.L.append(2)\n", wave="from figures import ink\ndef draw():\n    import figures.pen\n    return ink.L\n", ink="L = []\n"),
    case("a constant that a call makes", "pen", "from figures import ink\nX = ink.put(1)\n", "from figures import ink\nX = ink.put(2)\n", wave="from figures import ink, pen\ndef draw():\n    return ink.L\n", ink="L = []\ndef put(x):\n    L.append(x)\n"),
    case("an operator that acts", "wave", "class S:\n    got = 0\n    def __or__(self, n):\n        S.got = n\nS0 = S()\nX = S0 | 1\ndef draw():\n    return S.got\n", "class S:\n    got = 0\n    def __or__(self, n):\n        S.got = n\nS0 = S()\nX = S0 | 2\ndef draw():\n    return S.got\n"),
    case("a loop at import", "wave", "L = []\nfor n in (1, 2):\n    L.append(n)\ndef draw():\n    return L\n", "L = []\nfor n in (1, 3):\n    L.append(n)\ndef draw():\n    return L\n"),
    case("an augmented assignment", "pen", "from figures.ink import L\nL += [1]\n", "from figures.ink import L\nL += [2]\n", wave="from figures import ink, pen\ndef draw():\n    return ink.L\n", ink="L = []\n"),
    case("a deleted name", "wave", "def len(x):\n    return 9\ndef draw():\n    return len('a')\n", "def len(x):\n    return 9\ndel len\ndef draw():\n    return len('a')\n"),
    case("a walrus", "wave", "if (A := 1):\n    pass\ndef draw():\n    return A\n", "if (A := 2):\n    pass\ndef draw():\n    return A\n"),
    still("a pure expression that nobody reads", "pen", "from pathlib import Path\nA = {k: (k, 2) for k in 'ab'}\nB = Path('a') / f'{1}'\nC = -max(1, 2)\n", "from pathlib import Path\nA = {k: (k, 3) for k in 'ab'}\nB = Path('a') / f'{2}'\nC = -max(1, 3)\n", wave=PLAIN),
    still("a record that nobody reads", "pen", "from dataclasses import dataclass\n@dataclass\nclass R:\n    x: int\nA = R(1)\n", "from dataclasses import dataclass\n@dataclass\nclass R:\n    x: int\nA = R(2)\n", wave=PLAIN),
    case("a record whose class acts when made", "pen", "from dataclasses import dataclass\nL = []\n@dataclass\nclass R:\n    x: int\n    def __post_init__(self):\n        L.append(self.x)\nA = R(1)\n", "from dataclasses import dataclass\nL = []\n@dataclass\nclass R:\n    x: int\n    def __post_init__(self):\n        L.append(self.x)\nA = R(2)\n", wave="from figures.pen import L\ndef draw():\n    return L\n"),
    case("a record with a hook that is assigned", "wave", "from dataclasses import dataclass\nL = []\n@dataclass\nclass R:\n    x: int\n    __post_init__ = lambda self: L.append(self.x)\nA = R(1)\ndef draw():\n    return L\n", "from dataclasses import dataclass\nL = []\n@dataclass\nclass R:\n    x: int\n    __post_init__ = lambda self: L.append(self.x)\nA = R(2)\ndef draw():\n    return L\n"),
    case("a builtin that a star import covers", "pen", "from figures.ink import *\nA = max(1, 2)\n", "from figures.ink import *\nA = max(1, 3)\n", wave="from figures import ink, pen\ndef draw():\n    return ink.L\n", ink="L = []\ndef max(*n):\n    L.extend(n)\n"),
    # --- names that are looked up at run time
    case("a module that is handed on", "pen", whole(1), whole(2), wave="from figures import pen\ndef draw():\n    m = pen\n    return m.other()\n"),
    case("getattr on a module", "pen", whole(1), whole(2), wave="from figures import pen\ndef draw():\n    return getattr(pen, 'ot' + 'her')()\n"),
    case("the names of a module", "pen", whole(1), whole(2), wave="from figures import pen\ndef draw():\n    return pen.__dict__['ot' + 'her']()\n"),
    case("vars of a module", "pen", whole(1), whole(2), wave="from figures import pen\ndef draw():\n    return vars(pen)['ot' + 'her']()\n"),
    case("a package that is handed on", "pen", whole(1), whole(2), wave="import figures\nimport figures.pen\ndef draw():\n    return getattr(getattr(figures, 'p' + 'en'), 'other')()\n"),
    case("globals", "wave", "def f():\n    return 1\ndef draw():\n    return globals()['f']()\n", "def f():\n    return 2\ndef draw():\n    return globals()['f']()\n"),
    case("globals of another module's function", "pen", "def f():\n    return 1\ndef g():\n    return 0\n", "def f():\n    return 2\ndef g():\n    return 0\n", wave="from figures.pen import g\ndef draw():\n    return g.__globals__['f']()\n"),
    case("a module with `__getattr__`", "pen", "def __getattr__(n):\n    return T[n]\nT = {'a': 1}\n", "def __getattr__(n):\n    return T[n]\nT = {'a': 2}\n", wave="from figures import pen\ndef draw():\n    return pen.a\n"),
    case("a name that a module's `__getattr__` gives", "pen", "def f():\n    return 1\ndef __getattr__(n):\n    if n != 'F':\n        raise AttributeError\n    return globals()[n.lower()]\n", "def f():\n    return 2\ndef __getattr__(n):\n    if n != 'F':\n        raise AttributeError\n    return globals()[n.lower()]\n", wave="from figures.pen import F\ndef draw():\n    return F()\n"),
    case("importlib", "pen", whole(1), whole(2), wave="import importlib\ndef draw():\n    return importlib.import_module('figures.p' + 'en').other()\n"),
    case("`__import__`", "pen", whole(1), whole(2), wave="def draw():\n    return __import__('figures.p' + 'en', fromlist='x').other()\n"),
    case("eval", "wave", "A = 1\ndef draw():\n    return eval('A')\n", "A = 2\ndef draw():\n    return eval('A')\n"),
    case("exec", "pen", whole(1), whole(2), wave="def draw():\n    d = {}\n    exec('from figures.pen import other as o', d)\n    return d['o']()\n"),
    case("runpy", "pen", "X = 1\n", "X = 2\n", wave="import runpy\ndef draw():\n    return runpy.run_module('figures.p' + 'en')['X']\n"),
    case("sys.modules", "pen", whole(1), whole(2), wave="import sys\nimport figures.pen\ndef draw():\n    return sys.modules['figures.p' + 'en'].other()\n"),
    case("a path that is added", "figures/lib/nib.py", "A = 1\n", "A = 2\n", wave="import sys\nsys.path.insert(0, sys.path[0] + '/figures/lib')\nfrom nib import A\ndef draw():\n    return A\n"),
    case("a docstring that is read", "wave", "def draw():\n    'one'\n    return draw.__doc__\n", "def draw():\n    'two'\n    return draw.__doc__\n"),
    case("source that is read", "wave", "import inspect\ndef draw():\n    return inspect.getsource(draw)\n", "import inspect\ndef draw():\n    return inspect.getsource(draw)  # !\n"),
    # --- changes of another module
    case("a patch at import", "ink", "from figures import pen\npen.A = 1\n", "from figures import pen\npen.A = 2\n", wave="from figures import ink, pen\ndef draw():\n    return pen.get()\n", pen="A = 0\ndef get():\n    return A\n"),
    case("a patch in a function", "ink", "from figures import pen\ndef patch():\n    pen.A = 1\n", "from figures import pen\ndef patch():\n    pen.A = 2\n", wave="from figures import ink, pen\ndef draw():\n    ink.patch()\n    return pen.get()\n", pen="A = 0\ndef get():\n    return A\n"),
    case("a patched function", "ink", "from figures import pen\ndef mine():\n    return 1\npen.width = mine\n", "from figures import pen\ndef mine():\n    return 2\npen.width = mine\n", wave="from figures import ink, pen\ndef draw():\n    return pen.width()\n", pen="def width():\n    return 0\n"),
    case("a patched class", "ink", "from figures.pen import C\nsetattr(C, 'n', 1)\n", "from figures.pen import C\nsetattr(C, 'n', 2)\n", wave="from figures import ink, pen\ndef draw():\n    return pen.C.n\n", pen="class C:\n    n = 0\n"),
    case("a file found from the folder above", "lectures/one.csv", "1", "2", wave="from pathlib import Path\nHERE = Path(__file__).parent\ndef draw():\n    here = HERE\n    return (here.parent / 'lectures' / 'one.csv').read_text()\n"),
    # --- files
    case("a file beside the module", "table.csv", "1", "2", wave="from pathlib import Path\nHERE = Path(__file__).parent\ndef draw():\n    return (HERE / 'table.csv').read_text()\n"),
    still("another file beside it", "other.csv", "1", "2", wave="from pathlib import Path\nHERE = Path(__file__).parent\ndef draw():\n    return (HERE / 'table.csv').read_text()\n", **{"figures/table.csv": "1"}),
    case("a file whose name is computed", "table.csv", "1", "2", wave="from pathlib import Path\ndef draw():\n    return Path(__file__).with_name('ta' + 'ble.csv').read_text()\n"),
    case("a file below a folder that is named", "figures/sets/one.csv", "1", "2", wave="from pathlib import Path\nSETS = Path(__file__).parent / 'sets'\ndef draw():\n    return [p.read_text() for p in SETS.iterdir()]\n"),
    case("a file that is read at import", "table.csv", "1", "2", wave="import os\nwith open(os.path.join(os.path.dirname(__file__), 'table.csv')) as f:\n    A = f.read()\ndef draw():\n    return A\n"),
    case("a folder that another module names", "figures/sets/one.csv", "1", "2", wave="from figures.pen import SETS\ndef draw():\n    return (SETS / 'one.csv').read_text()\n", pen="from pathlib import Path\nSETS = Path(__file__).parent / 'sets'\n"),
    case("a file named from the project's folder", "figures/table.csv", "1", "2", wave="def draw():\n    return open('figures/table.csv').read()\n"),
    case("a file named through the module's path", "table.csv", "1", "2", wave="from pathlib import Path\nfrom figures import pen\ndef draw():\n    return (Path(pen.__file__).parent / ('ta' + 'ble.csv')).read_text()\n", pen=""),
    still("the lecture", "lectures/x.md", "1", "2", wave="def draw():\n    return 'x.md'\n"),
    # --- what is not evaluated
    still("a comment and layout", "wave", "def draw():\n    return 1\n", "# one\n\n\ndef draw():\n    return (\n        1\n    )\n"),
    still("docstrings", "wave", "'a'\nclass C:\n    'a'\ndef draw():\n    'a'\n    return C and 1\n", "'b'\nclass C:\n    'b'\ndef draw():\n    'b'\n    return C and 1\n"),
    still("the annotation of a local variable", "wave", "def draw():\n    x: int = 1\n    return x\n", "def draw():\n    x: 'float' = 1\n    return x\n"),
    still("imports for type checkers", "wave", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from figures.pen import A\ndef draw():\n    return 1\n", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from figures.pen import B\ndef draw():\n    return 1\n"),
    case("a flag that only looks like type checking", "wave", "TYPE_CHECKING = 1\nif TYPE_CHECKING:\n    A = 1\ndef draw():\n    return A\n", "TYPE_CHECKING = 1\nif TYPE_CHECKING:\n    A = 2\ndef draw():\n    return A\n"),
    case("an annotation that acts", "wave", "L = []\ndef f(x: L.append(1)):\n    pass\ndef draw():\n    return L\n", "L = []\ndef f(x: L.append(2)):\n    pass\ndef draw():\n    return L\n"),
    still("an annotation that would act but is not evaluated", "wave", "from __future__ import annotations\nL = []\ndef f(x: L.append(1)):\n    pass\ndef draw():\n    return L\n", "from __future__ import annotations\nL = []\ndef f(x: L.append(2)):\n    pass\ndef draw():\n    return L\n"),
    case("annotations that are read", "wave", "class C:\n    x: 1\ndef draw():\n    return C.__annotations__\n", "class C:\n    x: 2\ndef draw():\n    return C.__annotations__\n"),
    case("a file that is no longer Python", "pen", "A = 1\n", "A = = 1\n", wave=PLAIN),
]  # fmt: skip

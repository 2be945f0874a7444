"""Hostile cases that are too large, or too odd, to be kept as files: each puts its files into a folder of lectures."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

FRONT = "---\ntitle: Hostile\n{front}---\n## A\n\n"
Put = Callable[[Path], None]
GENERATED: dict[str, Put] = {}


def case(name: str, text: str = "text\n", front: str = "", **files: str | bytes) -> None:
    """Add a case: a lecture, and further files beside it by their endings."""

    def put(folder: Path) -> None:
        (folder / f"{name}.md").write_bytes((FRONT.format(front=front) + text).encode())
        for ending, content in files.items():
            (folder / f"{name}.{ending}").write_bytes(content if isinstance(content, bytes) else content.encode())

    GENERATED[name] = put


def png(width: int, height: int) -> bytes:
    """Return a small PNG that says of itself that it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(width: int, height: int) -> bytes:
    """Return the marks of a JPEG that says of itself that it has so many pixels."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame + b"\xff\xda\x00\x02\x00\xff\xd9"


def webp(width: int, height: int) -> bytes:
    """Return the head of a WebP that says of itself that it has so many pixels."""
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def image(name: str) -> str:
    """Return a lecture's text that shows an image beside it."""
    return f"![a board](lectures/{name})\n"


# Structure: nested, repeated, endless.
case("nested_directives", "".join(":" * (303 - n) + "{handout}\n" for n in range(300)) + "x\n")
case("nested_lists", "- " * 300 + "a\n")
case("nested_quotes", "> " * 300 + "a\n")
case("many_options", ":::{quiz} Q?\n- [x] a\n" + "- [ ] b\n" * 3000 + ":::\n")
case("many_images", "![a](" * 1000 + "\n")
case("many_comments", "<!-- a --> " * 1000 + "\n")
case("many_brackets", "[" * 2000 + "\n")
case("many_footnotes", "[^a" * 3000 + "\n")
case("many_backticks", "`" * 2000 + "a\n")
case("many_stars", "*a **b " * 2000 + "\n")
case("many_formulas", "$a" * 2000 + "\n")
case("many_roles", "{value}`" * 2000 + "\n")
case("many_tags", "<b>" * 3000 + "\n")
case("many_begun_tags", "<a " * 5000 + "\n")
case("many_references", "[a][b]" * 3000 + "\n")
case("many_colons", ":::{" * 3000 + "\n")
case("many_entities", "&amp" * 5000 + "\n")
case("many_cells", "|a" * 3000 + "\n|-\n")
case("many_links", "[a](b" * 3000 + "\n")
case("long_heading", "text\n\n## A {" + "a" * 20000 + "\n")
case("heading_attributes", "text\n\n## A " + "{a=1} " * 20 + "\n")

# Expressions: deep, wide, or with results that take all memory.
case("deep_signs", "{value}`" + "-" * 5000 + "1`\n")
case("deep_brackets", "{value}`" + "(" * 400 + "1" + ")" * 400 + "`\n")
case("deep_not", ":::{claim} " + "not " * 240 + "toss.accuracy < 2\nA.\n:::\n")
case("long_sum", "{value}`" + "+".join(["1"] * 20000) + "`\n")
case("long_number", "{value}`" + "9" * 900 + "`\n")

# YAML, BibTeX, TOML.
ALIASES = "".join(f"  k{n}: &k{n} [{','.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 10))
case("yaml_aliases", front=f"experiments:\n  k0: &k0 [x,x,x]\n{ALIASES}")
case("yaml_long_number", front="minutes: " + "9" * 5000 + "\n")
case("yaml_deep", front="macros: " + "[" * 3000 + "\n")
case(
    "bibtex_doubling",
    "{cite}`k`\n",
    "bibliography: lectures/bibtex_doubling.bib\n",
    bib='@string{a0="xxxxxxxxxx"}\n'
    + "".join(f"@string{{a{n}=a{n - 1} # a{n - 1}}}\n" for n in range(1, 40))
    + "@misc{k, title=a39, author={A}, year=2000}\n",
)
case("toml_deep", toml='lectures = []\ntitle = "T"\nmacros = ' + "[" * 3000 + "\n")

# Pictures of a billion pixels in some bytes.
case("huge_png", image("huge_png.png"), png=png(30000, 30000))
case("huge_jpeg", image("huge_jpeg.jpg"), jpg=jpeg(30000, 30000))
case("huge_webp", image("huge_webp.webp"), webp=webp(16000, 16000))
case("huge_svg", image("huge_svg.svg"), svg='<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000px"/>')
case(
    "huge_gif",
    ":::{embed} lectures/huge_gif.gif\n:alt: a board\n:::\n",
    gif=b"GIF89a" + struct.pack("<HH", 60000, 60000) + bytes(3) + b";",
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
case(
    "entities_in_svg",
    image("entities_in_svg.svg"),
    svg=f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>',
)


# What is no file, or none of text.
def _link_to_itself(folder: Path) -> None:
    (folder / "link_to_itself.md").symlink_to("link_to_itself.md")


def _folder_as_lecture(folder: Path) -> None:
    (folder / "folder_as_lecture.md").mkdir()


def _image_of_links(folder: Path) -> None:
    (folder / "image_of_links.png").symlink_to("image_of_links.png")
    (folder / "image_of_links.md").write_text(FRONT.format(front="") + image("image_of_links.png"), encoding="utf-8")


GENERATED |= {
    "link_to_itself": _link_to_itself, "folder_as_lecture": _folder_as_lecture, "image_of_links": _image_of_links,
}  # fmt: skip
case("toml_of_bytes", toml=b'lectures = ["\xff"]\n')

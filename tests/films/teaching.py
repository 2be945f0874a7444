"""Four films as lecturers write them: a mobject for every cell, number, node and line, and no thought of what it costs."""

import itertools

import numpy as np
from manim import (
    BLUE_E,
    DOWN,
    GREEN,
    GREY,
    LEFT,
    ORIGIN,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    Line,
    ReplacementTransform,
    Scene,
    Square,
    SurroundingRectangle,
    Text,
    TransformFromCopy,
    VGroup,
    interpolate_color,
)  # fmt: skip


def table(values, cell, size, *, shaded=False):
    """Return a group of cells, each a square and a number; `group[i][j]` is a cell."""
    rows = VGroup()
    for row in values:
        line = VGroup()
        for value in row:
            shade = value / 255 if shaded else 0.15
            square = Square(cell).set_stroke(GREY, 1).set_fill(interpolate_color(BLUE_E, WHITE, shade), 1)
            number = Text(str(value), font_size=size, color="#888888" if shaded else WHITE)
            line.add(VGroup(square, number.move_to(square)))
        rows.add(line.arrange(RIGHT, buff=0))
    return rows.arrange(DOWN, buff=0)


def digit():
    """Return a seven of 28 x 28 pixels (0 to 255)."""
    y, x = np.mgrid[:28, :28]
    bar = np.exp(-(((y - 7) / 1.6) ** 2)) * (x > 6) * (x < 21)
    stem = np.exp(-(((x - 20 + (y - 7) * 0.45) / 1.8) ** 2)) * (y >= 7) * (y < 24)
    return (255 * np.maximum(bar, stem)).astype(int)


class DigitUnderKernel(Scene):
    """A digit of 28 x 28 pixels, each a square with its value; a window of 3 x 3 slides over it."""

    steps = 10

    def construct(self):
        cells = table(digit(), 0.26, 7, shaded=True).shift(3 * LEFT)
        out = VGroup(*(Square(0.26).set_stroke(GREY, 1) for _ in range(8 * 8))).arrange_in_grid(8, 8, buff=0)
        out.shift(4 * RIGHT)
        self.add(cells)
        self.play(FadeIn(out), run_time=0.5)
        window = Square(3 * 0.26).set_stroke(YELLOW, 4).move_to(cells[6][6])
        self.play(Create(window), run_time=0.5)
        for k in range(self.steps):
            row, column = 6 + k // 5 * 3, 7 + 2 * (k % 5)
            center = cells[row][column]
            near = [cells[row + i][column + j][0] for i in (-1, 0, 1) for j in (-1, 0, 1)]
            self.play(window.animate.move_to(center), run_time=0.4)
            self.play(*(cell.animate.set_stroke(YELLOW, 2) for cell in near), run_time=0.3)
            self.play(out[k].animate.set_fill(GREEN, 0.2 + 0.08 * k), run_time=0.2)
            self.play(*(cell.animate.set_stroke(GREY, 1) for cell in near), run_time=0.1)
        self.wait(0.5)


class MatrixProduct(Scene):
    """Two matrices of numbers; each number of the product comes of a row and a column."""

    steps = 8

    def construct(self):
        rng = np.random.default_rng(0)
        left, right = (rng.integers(0, 10, (12, 12)) for _ in range(2))
        tables = [table(values, 0.34, 14) for values in (left, right, left @ right)]
        VGroup(*tables).arrange(RIGHT, buff=0.5)
        self.play(FadeIn(tables[0]), FadeIn(tables[1]), run_time=0.8)
        for k in range(self.steps):
            row, column = divmod(k, 4)
            bar = SurroundingRectangle(tables[0][row], buff=0.02, color=YELLOW)
            post = SurroundingRectangle(VGroup(*(line[column] for line in tables[1])), buff=0.02, color=YELLOW)
            self.play(Create(bar), Create(post), run_time=0.4)
            self.play(*(tables[0][row][j].animate.scale(1.1) for j in range(12)), run_time=0.2)
            self.play(TransformFromCopy(VGroup(bar, post), tables[2][row][column]), run_time=0.4)
            self.play(
                FadeOut(bar), FadeOut(post), *(cell.animate.scale(1 / 1.1) for cell in tables[0][row]), run_time=0.2
            )
        self.wait(0.5)


class PoolingGrid(Scene):
    """A map of 16 x 16 numbers; of each block the largest goes into a smaller map."""

    steps = 8

    def construct(self):
        values = np.random.default_rng(1).integers(0, 100, (16, 16))
        grid = table(values, 0.42, 14).shift(3 * LEFT)
        pooled = table(values.reshape(8, 2, 8, 2).max(axis=(1, 3)), 0.5, 18).shift(4 * RIGHT)
        self.play(FadeIn(grid), run_time=1)
        for k in range(self.steps):
            i, j = 0, k
            block = VGroup(*(grid[2 * i + a][2 * j + b] for a in (0, 1) for b in (0, 1)))
            best = max(block, key=lambda cell: int(cell[1].original_text))
            self.play(*(cell[0].animate.set_fill(BLUE_E, 0.9) for cell in block), run_time=0.3)
            self.play(Indicate(best), run_time=0.5)
            self.play(TransformFromCopy(best, pooled[i][j]), run_time=0.5)
        self.wait(0.5)


class ForwardPass(Scene):
    """A dense network: a circle for each unit, a line for each weight, a number for each activation."""

    steps = 3

    def construct(self):
        rng = np.random.default_rng(2)
        layers = [
            VGroup(*(Circle(0.17).set_stroke(WHITE, 2).set_fill(BLUE_E, 1) for _ in range(n))) for n in (16, 16, 16, 10)
        ]
        for number, layer in enumerate(layers):
            layer.arrange(DOWN, buff=0.08).move_to(4 * (number - 1.5) * RIGHT)
        weights = [
            VGroup(*(Line(a.get_center(), b.get_center(), stroke_width=0.6, color=GREY) for a in one for b in two))
            for one, two in itertools.pairwise(layers)
        ]
        self.add(*weights, *layers)
        shown = None
        for layer, lines in list(zip(layers, [*weights, None], strict=True))[: self.steps]:
            values = [f"{value:.2f}" for value in rng.random(len(layer))]
            texts = VGroup(*(Text(v, font_size=12).move_to(unit) for v, unit in zip(values, layer, strict=True)))
            self.play(
                *(unit.animate.set_fill(GREEN, float(v)) for unit, v in zip(layer, values, strict=True)), run_time=0.5
            )
            self.play(FadeIn(texts) if shown is None else ReplacementTransform(shown, texts), run_time=1)
            shown = texts.copy()
            if lines:
                self.play(lines.animate.set_color(YELLOW), run_time=0.8)
                self.play(lines.animate.set_color(GREY), run_time=0.4)
        self.play(VGroup(*layers).animate.scale(0.95, about_point=ORIGIN + UP * 0), run_time=0.5)
        self.wait(0.5)

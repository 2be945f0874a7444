"""Twelve scenes of plain Manim, which know nothing of this project; the last three are in the style of its gallery."""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    ORIGIN,
    PI,
    PURPLE,
    RED,
    RIGHT,
    TAU,
    TEAL,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Axes,
    Brace,
    Circle,
    Create,
    Difference,
    Dot,
    DrawBorderThenFill,
    Ellipse,
    FadeIn,
    FadeOut,
    Flash,
    GrowArrow,
    Intersection,
    LaggedStart,
    Line,
    MoveAlongPath,
    MovingCameraScene,
    NumberPlane,
    Polygon,
    Rectangle,
    RegularPolygon,
    ReplacementTransform,
    Rotate,
    Rotating,
    Scene,
    Square,
    Star,
    SurroundingRectangle,
    Text,
    TracedPath,
    Transform,
    Triangle,
    Uncreate,
    Union,
    ValueTracker,
    VGroup,
    Write,
    always_redraw,
    linear,
    smooth,
    there_and_back,
)  # fmt: skip


class CreateShapes(Scene):
    def construct(self):
        shapes = VGroup(Circle(), Square(), Triangle(), Star(), RegularPolygon(6)).arrange(RIGHT)
        for shape, color in zip(shapes, (RED, GREEN, BLUE, YELLOW, PURPLE), strict=True):
            shape.set_color(color).set_fill(color, 0.4)
        self.play(LaggedStart(*(Create(shape) for shape in shapes), lag_ratio=0.3), run_time=2)
        self.play(shapes.animate.arrange(DOWN, buff=0.1).scale(0.7), run_time=1)
        self.wait(0.5)
        self.play(Uncreate(shapes[2]), FadeOut(shapes[0], shift=LEFT), run_time=0.8)


class TransformShapes(Scene):
    def construct(self):
        square = Square(color=BLUE, fill_opacity=0.5)
        self.play(DrawBorderThenFill(square))
        self.play(Transform(square, Circle(color=RED, fill_opacity=0.8).shift(2 * RIGHT)))
        self.play(Transform(square, Star(color=YELLOW).scale(1.5).shift(2 * LEFT), path_arc=PI / 2))
        self.wait(0.5)


class Words(Scene):
    def construct(self):
        title = Text("Words are written").to_edge(UP)
        lines = VGroup(*(Text(f"line {k}: {k * k}", font_size=30) for k in range(6))).arrange(DOWN)
        self.play(Write(title))
        self.play(FadeIn(lines, lag_ratio=0.1))
        self.play(ReplacementTransform(title, Text("and become others", gradient=(BLUE, GREEN)).to_edge(UP)))
        self.play(lines[2].animate.set_color(YELLOW).scale(1.4), lines[4].animate.set_opacity(0.3))
        self.wait(0.5)


class FunctionGraph(Scene):
    def construct(self):
        axes = Axes(x_range=(-4, 4, 1), y_range=(-2, 2, 1), x_length=10, y_length=5)
        curve = axes.plot(np.sin, color=BLUE)
        area = axes.get_area(curve, x_range=(0, PI), color=(GREEN, TEAL), opacity=0.5)
        self.play(Create(axes), run_time=1)
        self.play(Create(curve), run_time=1)
        self.play(FadeIn(area), run_time=0.5)
        self.play(Transform(curve, axes.plot(np.cos, color=RED)), FadeOut(area), run_time=1)


class ZoomIn(MovingCameraScene):
    def construct(self):
        dots = VGroup(*(Dot(color=color) for color in (RED, GREEN, BLUE, YELLOW, ORANGE) * 5)).arrange_in_grid(
            5, 5, buff=1
        )
        self.play(FadeIn(dots), run_time=0.5)
        self.camera.frame.save_state()
        self.play(self.camera.frame.animate.scale(0.4).move_to(dots[7]), run_time=1)
        self.play(dots[7].animate.scale(2), run_time=0.6)
        self.play(self.camera.frame.animate.move_to(dots[18]), run_time=0.6)
        self.wait(0.4)
        self.play(self.camera.frame.animate.restore(), run_time=0.6)


class FollowedDot(Scene):
    def construct(self):
        angle = ValueTracker(0)
        circle = Circle(2, color=WHITE)
        dot = Dot(color=RED).add_updater(lambda d: d.move_to(circle.point_at_angle(angle.get_value() % TAU)))
        line = always_redraw(lambda: Line(ORIGIN, dot.get_center(), color=YELLOW))
        label = always_redraw(lambda: Text(f"{angle.get_value():.1f}", font_size=28).next_to(dot, UP))
        self.add(circle, line, dot, label)
        self.play(angle.animate.set_value(5), run_time=1.5)
        dot.clear_updaters()
        self.play(dot.animate.shift(RIGHT), run_time=0.5)
        self.wait(0.3)


class Traced(Scene):
    def construct(self):
        wheel = VGroup(Circle(1, color=BLUE), Line(ORIGIN, RIGHT), Dot(RIGHT, color=RED)).shift(4 * LEFT)
        path = TracedPath(wheel[2].get_center, stroke_color=YELLOW, stroke_width=3)
        wheel.add_updater(lambda w, dt: w.rotate(-2 * dt, about_point=w[0].get_center()).shift(2 * dt * RIGHT))
        self.add(path, wheel)
        self.wait(1.5)
        wheel.suspend_updating()
        self.wait(0.3)


class Turning(Scene):
    def construct(self):
        polygon = Polygon(LEFT, UP, RIGHT, DOWN + RIGHT, color=TEAL, fill_opacity=0.6)
        ring = SurroundingRectangle(polygon, buff=0.4)
        self.play(Create(polygon), Create(ring), run_time=0.5)
        self.play(Rotate(polygon, PI / 2), run_time=0.7)
        self.play(Rotating(ring, angle=PI, run_time=1, rate_func=linear))
        self.play(polygon.animate(rate_func=there_and_back).stretch(2, 0), run_time=0.7)
        self.play(Flash(ORIGIN), run_time=0.5)


class Stacked(Scene):
    def construct(self):
        low, middle, high = (
            Square(2, fill_opacity=0.7, color=c).shift(k * 0.7 * (RIGHT + UP)) for k, c in enumerate((RED, GREEN, BLUE))
        )
        middle.set_z_index(3)
        self.add(low, middle, high)
        self.play(low.animate.shift(2 * RIGHT), run_time=0.6)
        low.set_z_index(5)
        self.wait(0.3)
        self.play(middle.animate.shift(2 * LEFT), FadeIn(Circle(color=YELLOW, fill_opacity=1)), run_time=0.6)
        self.bring_to_front(high)
        self.play(high.animate.rotate(1).set_stroke(WHITE, 12), run_time=0.6)
        self.remove(low)
        self.wait(0.3)


class PointOnShapes(Scene):
    def construct(self):
        circle, dot, other = Circle(1, color=BLUE), Dot(), Dot().shift(RIGHT)
        self.add(dot)
        line = Line((3, 0, 0), (5, 0, 0))
        self.add(line)
        self.play(FadeIn(circle, scale=0.3), run_time=0.6)
        self.play(Transform(dot, other), run_time=0.4)
        self.play(MoveAlongPath(dot, circle), run_time=1, rate_func=linear)
        self.play(Rotating(dot, about_point=(2, 0, 0)), run_time=0.8)
        self.wait(0.3)


class SetsOfPoints(Scene):
    def construct(self):
        left = Ellipse(4, 5, fill_opacity=0.5, color=BLUE, stroke_width=8).shift(LEFT)
        right = left.copy().set_color(RED).shift(2 * RIGHT)
        name = Text("two ellipses").next_to(VGroup(left, right), 3 * UP)
        self.play(FadeIn(VGroup(name, left, right)), run_time=0.6)
        parts = (Intersection, GREEN, 5), (Union, ORANGE, 0), (Difference, PURPLE, -3)
        for make, color, x in parts:
            part = make(left, right, color=color, fill_opacity=0.5)
            self.play(part.animate.scale(0.25).move_to((x, -3, 0)), run_time=0.5)
        brace = Brace(right, RIGHT)
        arrow = Arrow(5 * LEFT, left.get_left(), color=YELLOW)
        self.play(FadeIn(brace), GrowArrow(arrow), run_time=0.6)


class WarpedPlane(Scene):
    def construct(self):
        plane = NumberPlane()
        title = VGroup(
            Rectangle(width=5, height=1, fill_color="#000000", fill_opacity=0.8), Text("a plane", font_size=36)
        )
        title.to_corner(UP + LEFT)
        self.add(plane, title)
        self.play(Create(plane, run_time=1, lag_ratio=0.1))
        plane.prepare_for_nonlinear_transform()
        self.play(
            plane.animate.apply_function(lambda p: p + np.array([0.4 * np.sin(p[1]), 0.4 * np.sin(p[0]), 0])),
            run_time=1.2,
            rate_func=smooth,
        )
        self.wait(0.3)

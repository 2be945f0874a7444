"""The directives, one package each, found by name: see generator/lecture/directive.py for what a package holds."""

"""The exports: one file an output format, each a class of nbconvert's with a template folder of ours."""

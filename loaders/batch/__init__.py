"""Many targets at once, in arrays.

The scalar functions of `loaders.domain` are the definition; a test holds both equal.

Only plain targets come here: a `level` with one version, a whole path (linear, step or geometric)
and values of its own scope without breaks. That is what large registries consist of; everything
else takes the scalar way.
"""

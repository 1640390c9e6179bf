"""Who is this: local accounts, an OpenID provider or a trusted proxy, all behind one `Viewer`."""

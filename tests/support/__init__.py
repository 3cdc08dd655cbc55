"""What tests share: hands that sign in, fill forms and forge; odd inputs; databases and ports."""

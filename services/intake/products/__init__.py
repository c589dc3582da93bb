"""Products, their modules and versions, as people keep them: what forms offer and free text is searched for."""

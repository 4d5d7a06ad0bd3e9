"""The course as web pages that open from disk: lessons executed, explorers playing from their record, guides."""

"""双随机 (统计法 §36): units to be inspected and their officers, drawn by lot."""

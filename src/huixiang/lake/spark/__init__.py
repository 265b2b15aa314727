"""Where one machine is outgrown: the same questions of the same files, asked of a Spark cluster by configuration.

Nothing of Spark is imported until a bank names a cluster (HUIXIANG_ENGINE) and something heavy is asked. See
docs/decisions/0018-spark.md and docs/guide/spark.md.
"""

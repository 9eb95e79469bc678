namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    internal readonly struct Scalar : IGemmF32
    {
        public static bool IsSupported => true;
        public static int Rows => 2;
        public static int Columns => 4;

        public static void Tile(in GemmTermsF32 terms)
        {
            GemmTermsF32 line = terms;
            for (int i = 0; i < terms.Valid; i++)
            {
                Line(line);
                line.Rows++;
                line.Sums += line.Stride;
            }
        }

        public static void Half(in GemmTermsF32 terms) => Tile(terms);

        public static void Line(in GemmTermsF32 terms)
        {
            for (int j = 0; j < Columns; j++)
            {
                float* w = terms.Weights + j;
                float sum = terms.Bias[j], some = 0;
                int left = IGemmF32.MaxTerms;
                for (int t = 0; t < terms.TapCount; t++)
                {
                    float* a = (float*)(terms.Rows[0] + terms.Taps[t]);
                    for (int k = 0; k < terms.Depth; k++, w += Columns)
                    {
                        some += a[k] * *w;
                        if (--left == 0)
                        {
                            sum += some;
                            some = 0;
                            left = IGemmF32.MaxTerms;
                        }
                    }
                }
                terms.Sums[j] = MathF.Min(MathF.Max(sum + some, terms.Min), terms.Max);
            }
        }
    }
}

namespace EdgeDL.Pi;

static class Examples
{
    public const string Text = """

        Examples:
          edgedl run mobilenet.edl --input cat.bmp --labels imagenet_labels.txt
          edgedl run mobilenet.edl --input photos/ --top 3 --json
          edgedl run ssd.edl --input street.jpg --draw boxes.png --threshold 0.5
          edgedl run kws.edl --input clip.wav
          edgedl run model.edl --input left=a.bin --input right=b.bin --output results/
          arecord -f S16_LE -r 16000 -d 1 | edgedl run kws.edl --input -
          edgedl bench mobilenet.edl --threads 4
          edgedl info mobilenet.edl
          edgedl doctor

        Exit codes: 0 done, 1 a check failed, 2 usage or unusable input, 4 model rejected.
        """;
}
